from . import appraisal_acknowledge
from . import appraisal_assess
from . import cycle_subperiods
from . import goal_close
from . import goal_hand_over
from . import indicator_refresh
from . import measure_judge
from . import reason
