from . import bare_reading
from . import deal
