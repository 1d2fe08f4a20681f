using System.Text.Json;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>Reads the JSON object of a POST.</summary>
internal static class RequestBody
{
    /// <exception cref="RequestRejectedException">There is none.</exception>
    public static async Task<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, JsonText.Received, cancellationToken);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }
        }
        catch (BadHttpRequestException exception)
        {
            throw new RequestRejectedException(new ApiError(
                exception.StatusCode, "invalid_request_error", null, "The body of the request could not be read.", null));
        }
        catch (JsonException)
        {
            // Reported below, like a body that is JSON but not an object.
        }

        throw new RequestRejectedException(ApiError.Invalid(
            "We could not parse the JSON body of your request. The API expects a JSON object.", null, null));
    }
}
