using System.Text.Encodings.Web;
using System.Text.Json;

namespace Copilot.Demo.Tools;

/// <summary>Results as the model reads them.</summary>
internal static class DemoJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // The model reads it, and escapes cost tokens; any view escapes it again.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T result)
    {
        return JsonSerializer.Serialize(result, s_options);
    }
}
