package psp;

import java.net.URI;
import java.util.function.UnaryOperator;

/**
 * How customers' browsers come back to us from an account's PSP.
 *
 * @param base under which address they reach this gateway, without a slash at its end
 * @param proof of a text: the same for the same text as long as the account has the same secret
 *     with its PSP, whatever happens to our database, and not to be made by anyone who does not
 *     know that secret; letters, digits, - and _
 */
public record WayBack(URI base, UnaryOperator<String> proof) {}
