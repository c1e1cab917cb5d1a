#include "approval/history/history.h"
const struct look history_logs_look = {0};
const struct look history_case_look = {0};
