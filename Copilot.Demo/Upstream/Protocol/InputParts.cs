using System.Text.Json;

namespace Copilot.Demo.Upstream.Protocol;

/// <summary>Checks the content parts of an input item: texts, images and files. This server has no Files API, so nothing can be named by id.</summary>
internal static class InputParts
{
    private static readonly HashSet<string> s_types =
        ["input_text", "input_image", "output_text", "refusal", "input_file", "computer_screenshot", "summary_text", "text", "reasoning_text", "input_audio"];

    private static readonly HashSet<string> s_images = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly HashSet<string> s_details = ["low", "high", "auto", "original"];

    /// <summary>Checks a content that is an array; a string needs no check.</summary>
    /// <exception cref="RequestRejectedException">A part cannot be used.</exception>
    public static void Check(JsonElement? content, string path)
    {
        if (content is not { ValueKind: JsonValueKind.Array } parts)
        {
            return;
        }

        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            Check(part, $"{path}[{index++}]");
        }
    }

    private static void Check(JsonElement part, string path)
    {
        var type = part.Text("type");
        if (type is null || !s_types.Contains(type))
        {
            throw Invalid(
                $"Invalid value: '{type}'. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', 'input_file', "
                + "'computer_screenshot', and 'summary_text'.",
                path + ".type",
                "invalid_value");
        }

        if (type == "input_text" && part.Text("text") is null)
        {
            throw Missing(path + ".text");
        }

        if (type is "input_image" or "input_file" && part.Text("file_id") is { } id)
        {
            throw Invalid($"The file '{id}' was not found.", path + ".file_id", "invalid_value");
        }

        if (type == "input_image")
        {
            CheckImage(part, path);
        }
        else if (type == "input_file")
        {
            CheckFile(part, path);
        }
    }

    private static void CheckImage(JsonElement part, string path)
    {
        if (part.Member("image_url") is not { } url)
        {
            throw Missing(path + ".image_url");
        }

        var isData = ReceivedFile.TryReadDataUrl(url, out var mediaType, out _);
        if (!(isData ? s_images.Contains(mediaType) : IsAddress(url)))
        {
            throw Invalid(
                $"Invalid '{path}.image_url'. Expected a base64-encoded data URL with an image MIME type "
                + "(e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got a value without one.",
                path + ".image_url",
                "invalid_value");
        }

        if (isData && ReceivedFile.Of(part) is { Width: null })
        {
            throw Invalid(
                "The image data you provided does not represent a valid image. Please check your input and try again with one of the "
                + "supported image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].",
                "input",
                "invalid_image");
        }

        if (part.Text("detail") is { } detail && !s_details.Contains(detail))
        {
            throw Invalid(
                $"Invalid value: '{detail}'. Supported values are: 'low', 'high', 'auto', and 'original'.", path + ".detail", "invalid_value");
        }
    }

    private static void CheckFile(JsonElement part, string path)
    {
        if (part.Member("file_data") is not { } data)
        {
            throw part.Member("file_url") is { } url && IsAddress(url)
                ? Invalid("This server fetches no files. Send 'file_data'.", path + ".file_url", "invalid_value")
                : Missing(path + ".file_data");
        }

        if (part.Text("filename") is null)
        {
            throw Missing(path + ".filename");
        }

        if (!ReceivedFile.TryReadDataUrl(data, out _, out var base64) || base64.IsEmpty)
        {
            throw Invalid(
                $"Invalid '{path}.file_data'. Expected a base64-encoded data URL with a MIME type (e.g. 'data:application/pdf;base64,…').",
                path + ".file_data",
                "invalid_value");
        }
    }

    private static bool IsAddress(JsonElement url) =>
        url.ValueKind == JsonValueKind.String
        && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    private static RequestRejectedException Missing(string path) =>
        Invalid($"Missing required parameter: '{path}'.", path, "missing_required_parameter");

    private static RequestRejectedException Invalid(string message, string param, string code) =>
        new(ApiError.Invalid(message, param, code));
}
