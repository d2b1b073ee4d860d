package io.guestflow.processor.edge;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses bodies over a limit with an answer that arrives. Helidon's own limit closes the connection with the body unread, and
 * the client sees a reset instead of a 413; here the rest of a body is read and thrown away.
 */
record BodyLimit(long bytes) implements Filter {

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (request.headers().contentLength().orElse(0) > bytes) {
            Problem.send(request, response, Status.REQUEST_ENTITY_TOO_LARGE_413);
            return;
        }
        if (request.headers().contains(HeaderNames.TRANSFER_ENCODING)) {
            request.streamFilter(body -> new Limited(body, bytes));
        }
        chain.proceed();
    }

    /** A body of unknown length: the limit is found out while it is read. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream body, long limit) {
            super(body);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            take(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            take(Math.max(count, 0));
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(count);
            take(skipped);
            return skipped;
        }

        private void take(long count) {
            left -= count;
            if (left < 0) {
                throw new HttpException(
                        "the body is larger than the edge takes", Status.REQUEST_ENTITY_TOO_LARGE_413, true);
            }
        }
    }
}
