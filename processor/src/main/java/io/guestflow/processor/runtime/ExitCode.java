package io.guestflow.processor.runtime;

/** How the process, and every script, says how it ended. */
public enum ExitCode {
    /** All is well. */
    OK(0),
    /** A check failed or something broke. */
    FAILED(1),
    /** The arguments or the settings are wrong. */
    USAGE(2),
    /** The broker was not reachable at start, or cannot be used. */
    BROKER(3),
    /** What was asked for does not exist. */
    NOT_FOUND(4);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** What the operating system is told. */
    public int code() {
        return code;
    }
}
