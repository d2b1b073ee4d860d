package io.guestflow.processor.config;

/** A text that no log, print or message shows: its {@code toString} is a mask. */
public final class Secret {
    static final String MASK = "****";

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /** The text itself, for the one call that needs it. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
