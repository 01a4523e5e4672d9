from . import alignment
from . import resource
