package io.guestflow.processor.measure;

/** What a batch is looked at again for; the code is what the timer store keeps. */
enum WakeKind {
    /** It has waited long enough for more. */
    COLLECTED((byte) 1),
    /** Its outcome should be there. */
    OUTCOME((byte) 2),
    /** It is time to ask again. */
    AGAIN((byte) 3);

    private final byte code;

    WakeKind(byte code) {
        this.code = code;
    }

    byte code() {
        return code;
    }

    /** The state that a batch must be in for the timer to mean anything. */
    Batch.State meant() {
        return switch (this) {
            case COLLECTED -> Batch.State.OPEN;
            case OUTCOME -> Batch.State.ASKED;
            case AGAIN -> Batch.State.WAITING;
        };
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
