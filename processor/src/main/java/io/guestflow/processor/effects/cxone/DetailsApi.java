package io.guestflow.processor.effects.cxone;

import java.util.List;

/**
 * What guestflow asks CXone's analytics. Like {@link GuestApi} it blocks, retries by itself and never throws for anything
 * that CXone or the network does; what was read before something went wrong is kept.
 *
 * <p>Threading: any number of threads at once, meant for virtual ones; interrupting one breaks off its call with a
 * {@link java.util.concurrent.CancellationException}.
 */
public interface DetailsApi {
    /**
     * CXone's own figures of conversations, page after page to the end of its answer.
     *
     * @param conversationIds at least one; CXone may write UUIDs in another case, the answer has them as they are here
     * @param context its deadline is that of all pages
     * @throws IllegalStateException if the tenant has no such call, see {@link #measures}
     */
    Details details(List<String> conversationIds, CallContext context);

    /** Whether the tenant has such a call. */
    boolean measures();
}
