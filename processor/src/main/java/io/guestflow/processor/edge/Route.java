package io.guestflow.processor.edge;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;

/**
 * One thing that the edge answers.
 *
 * @param path a path pattern of Helidon's, such as {@code /guests/{id}}
 * @param handler runs on a virtual thread of its own and may block; what it throws becomes a 500
 */
public record Route(Method method, String path, Handler handler) {

    static Route get(String path, Handler handler) {
        return new Route(Method.GET, path, handler);
    }
}
