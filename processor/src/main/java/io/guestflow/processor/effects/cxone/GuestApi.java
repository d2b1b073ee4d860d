package io.guestflow.processor.effects.cxone;

/**
 * What guestflow asks of CXone. A call blocks until there is an answer or the deadline; unless it says otherwise it retries
 * by itself what may succeed later, and never throws for anything that CXone or the network does.
 *
 * <p>Threading: any number of threads at once, meant for virtual ones. Interrupting a caller breaks off its call with a
 * {@link java.util.concurrent.CancellationException}, as closing the {@link CxoneClient} does for all: then nothing is
 * known of the call's effect.
 */
public interface GuestApi {

    /** Opens a conversation, or extends the one that this guest has. */
    Answer<Conversation> create(CreateConversation command, CallContext context);

    /**
     * Gives a conversation its context, in one short try: while a guest waits for an answer that does not depend on it, or
     * {@linkplain CallContext#inBackground in the background}, where the caller tries again itself.
     */
    Answer<ContextAccepted> injectContextOnce(InjectContext command, CallContext context);

    /**
     * Moves the end of a conversation; retries until the deadline. While it waits for its turn it goes by its deadline.
     */
    Answer<Extension> extend(ExtendConversation command, CallContext context);

    /**
     * Ends a conversation; retries until the deadline.
     *
     * @throws IllegalStateException if the tenant has no such call, see {@link #closes}
     */
    Answer<ConversationClosed> close(CloseConversation command, CallContext context);

    /** Whether the tenant has a call that ends a conversation. */
    boolean closes();
}
