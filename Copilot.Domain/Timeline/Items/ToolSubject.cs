using System.Text;
using System.Text.Json;

namespace Copilot.Domain.Timeline.Items;

/// <summary>What a call is about, in a few words: the tool's name and the first value of its arguments.</summary>
public static class ToolSubject
{
    private const int Longest = 60;
    private const int Read = 2048;
    private const int MostIntent = 120;

    /// <summary>For example <c>crm_find_customer: Contoso</c>; the name alone while no value is complete.</summary>
    public static string Of(ToolCallItem call)
    {
        var name = call.Name.Current ?? "tool";
        var value = FirstValue(call.Arguments.Head(Read));
        return value.Length == 0 ? name : $"{name}: {value}";
    }

    /// <summary>
    /// What the model says the call is for, or null: also while it still writes the arguments, as soon as it has said it. Not cleaned
    /// by then.
    /// </summary>
    public static string? IntentOf(ToolCallItem call) =>
        call.Intent.Current ?? (call.State is ToolCallState.Arguments && !call.IsFreeText ? IntentIn(call.Arguments.Head(Read)) : null);

    /// <summary>The first text (else the first number) among the arguments; works on JSON that is still being written.</summary>
    public static string FirstValue(string arguments)
    {
        var number = "";
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(arguments), isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String && reader.GetString() is { Length: > 0 } text)
                {
                    return Shorten(text);
                }

                if (reader.TokenType is JsonTokenType.Number && number.Length == 0)
                {
                    number = Encoding.UTF8.GetString(reader.ValueSpan);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Free-form input of a custom tool, or a model's broken JSON: there is no value to show.
            return number;
        }

        return number;
    }

    /// <summary>The whole text of the argument that is asked for first; null while it is being written.</summary>
    private static string? IntentIn(string arguments)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(arguments), isFinalBlock: false, state: default);
        try
        {
            return reader.Read() && reader.Read() && reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals("intent"u8)
                && reader.Read() && reader.TokenType is JsonTokenType.String
                && reader.GetString()!.ReplaceLineEndings(" ").Trim() is { Length: > 0 and <= MostIntent } intent ? intent : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>One line of at most 60 characters, never half of a surrogate pair.</summary>
    internal static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length <= Longest)
        {
            return line;
        }

        var cut = char.IsHighSurrogate(line[Longest - 2]) ? Longest - 2 : Longest - 1;
        return string.Concat(line.AsSpan(0, cut).TrimEnd(), "…");
    }
}
