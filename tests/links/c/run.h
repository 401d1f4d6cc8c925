void run(const char *cmd);
