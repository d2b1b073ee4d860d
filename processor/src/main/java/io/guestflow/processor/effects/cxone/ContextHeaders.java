package io.guestflow.processor.effects.cxone;

/** Header values, already encoded and within their budget; an empty one means that the header is not sent. */
public record ContextHeaders(String niceContext, String botVariables) {

    /** No headers. */
    public static final ContextHeaders NONE = new ContextHeaders("", "");
}
