/** The reference of the merchants' API: the OpenAPI document, as it is and as a page. */
@org.jspecify.annotations.NullMarked
package routes.reference;
