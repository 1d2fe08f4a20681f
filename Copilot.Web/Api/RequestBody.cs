using System.Buffers;
using System.Text.Json;

namespace Copilot.Web.Api;

/// <summary>Reads JSON bodies up to a stated size.</summary>
internal static class RequestBody
{
    /// <summary>Largest body, in bytes: 1 MiB, far above any question people type and small enough to keep in memory.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The body's bytes, or the problem with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return (default, ApiProblem.Of(
                StatusCodes.Status415UnsupportedMediaType, ApiText.NotJson));
        }

        if (request.ContentLength > MaxBytes)
        {
            return (default, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, ApiText.BodyTooLarge));
        }

        var bytes = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(bytes.GetMemory(4096), cancellationToken);
            if (read == 0)
            {
                return (bytes.WrittenMemory, null);
            }

            bytes.Advance(read);
            if (bytes.WrittenCount > MaxBytes)
            {
                return (default, ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, ApiText.BodyTooLarge));
            }
        }
    }

    /// <summary>Reads a JSON object with <paramref name="read"/>, which may throw <see cref="BodyException"/>.</summary>
    public static (T? Value, IResult? Problem) Parse<T>(ReadOnlyMemory<byte> bytes, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? (read(document.RootElement), null)
                : (null, ApiProblem.BadRequest(ApiText.NotAnObject));
        }
        catch (JsonException)
        {
            return (null, ApiProblem.BadRequest(ApiText.InvalidJson));
        }
        catch (BodyException exception)
        {
            return (null, ApiProblem.Of(exception.Status, exception.Message));
        }
    }

    /// <summary>A text field, or null where it is missing or null.</summary>
    /// <exception cref="BodyException">It is something else.</exception>
    public static string? OptionalText(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind is JsonValueKind.String ? Text(value, name) : throw new BodyException(ApiText.NotAString(name));
    }

    /// <summary>A string's text.</summary>
    /// <exception cref="BodyException">It is not valid Unicode.</exception>
    public static string Text(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BodyException(ApiText.NotUnicode(name));
        }
    }
}

/// <summary>A body is JSON but not what the endpoint takes; the message says what to change.</summary>
internal sealed class BodyException(string message) : Exception(message)
{
    /// <summary>True where the JSON has the right shape and a value that means nothing: 422 instead of 400.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>The status that says so.</summary>
    public int Status => IsUnusable ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status400BadRequest;
}
