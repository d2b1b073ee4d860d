package io.guestflow.processor.measure;

/** A batch lacks conversations that it should have: it can neither be asked for nor answered. */
final class BrokenBatch extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    BrokenBatch(Batch batch, int missing) {
        super("batch " + batch.number() + " has " + batch.size() + " conversations, and no number " + missing);
    }
}
