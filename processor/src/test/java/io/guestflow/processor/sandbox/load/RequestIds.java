package io.guestflow.processor.sandbox.load;

/** The request ids of one run: unlike those of any other run, and each tells its number. */
record RequestIds(String run) {
    static final int FOREIGN = -1;

    String of(int index) {
        return run + "-" + index;
    }

    /** The number of a request of this run; {@link #FOREIGN} for any other id. */
    int index(String requestId) {
        if (requestId.length() <= run.length() + 1
                || !requestId.startsWith(run)
                || requestId.charAt(run.length()) != '-') {
            return FOREIGN;
        }
        int index = 0;
        for (int i = run.length() + 1; i < requestId.length(); i++) {
            int digit = requestId.charAt(i) - '0';
            if (digit < 0 || digit > 9 || index > 100_000_000) {
                return FOREIGN;
            }
            index = 10 * index + digit;
        }
        return index;
    }
}
