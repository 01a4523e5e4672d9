from . import bare_appraisal
from . import bare_reading
from . import deal
