#include <stdlib.h>
#include "run.h"
void run(const char *cmd) { system(cmd); }
