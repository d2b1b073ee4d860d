package io.guestflow.processor.sandbox.webhooks;

/** The two shapes of a webhook's body. */
public enum Shape {
    /** CXone's own digital envelope, 1 to 2 KB. */
    DIGITAL,
    /** The tutorial platform's flat form. */
    FLAT
}
