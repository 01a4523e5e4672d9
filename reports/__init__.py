from . import alignment
