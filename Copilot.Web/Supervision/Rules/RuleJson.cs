using System.Text.Json;
using System.Text.Json.Serialization;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Supervision.Rules;

namespace Copilot.Web.Supervision.Rules;

/// <summary>How a rule's condition is JSON, in its row and over HTTP: words in small letters with underscores.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KindConverter), typeof(ComparisonConverter), typeof(SpeakerConverter)])]
[JsonSerializable(typeof(RuleCondition))]
internal sealed partial class RuleJson : JsonSerializerContext
{
    /// <summary>The condition as JSON.</summary>
    public static string Write(RuleCondition condition) => JsonSerializer.Serialize(condition, Default.RuleCondition);

    /// <summary>The condition that JSON says; null where a newer version wrote it.</summary>
    public static RuleCondition? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.RuleCondition);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The word for a value.</summary>
    public static string ToWire<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word, or null.</summary>
    public static T? Parse<T>(string? word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (ToWire(value) == word)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The effect of a word, or null.</summary>
    public static RuleEffect? ParseEffect(string? word) => Parse<RuleEffect>(word);

    private sealed class KindConverter() : JsonStringEnumConverter<RuleConditionKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

    private sealed class ComparisonConverter() : JsonStringEnumConverter<RuleComparison>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

    private sealed class SpeakerConverter() : JsonStringEnumConverter<RuleSpeaker>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
