#include <stdlib.h>
#include <stdio.h>
#include "run.h"
int main(int argc, char **argv) {
    char line[100];
    if (fgets(line, sizeof line, stdin) == NULL) return 1;
    run(line);
    return 0;
}
