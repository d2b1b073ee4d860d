package io.guestflow.processor.runtime;

/**
 * The audit must not go on as things are: numbers would be given twice, or facts audited twice, and neither can be mended
 * afterwards. The message says what was found and what to do. Only what is made of facts has to wait for that.
 */
public final class AuditRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what was found and what to do. */
    public AuditRefused(String message) {
        super(message);
    }
}
