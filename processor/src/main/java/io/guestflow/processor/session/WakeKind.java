package io.guestflow.processor.session;

/** What a conversation is looked at again for; the code is what the timer store keeps. */
enum WakeKind {
    /** Whatever is next for a live session: the threshold, the last moment, a timeout, a retry, the end. */
    LOOK((byte) 1),
    /** Events have waited long enough for the opening. */
    HELD((byte) 2),
    /** An ended session is forgotten. */
    TOMBSTONE((byte) 3);

    private final byte code;

    WakeKind(byte code) {
        this.code = code;
    }

    byte code() {
        return code;
    }

    static WakeKind of(byte code) {
        for (WakeKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalStateException("timer kind " + code + " was written by a newer version");
    }
}
