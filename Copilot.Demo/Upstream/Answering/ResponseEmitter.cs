using System.Text.Json.Nodes;

namespace Copilot.Demo.Upstream.Answering;

/// <summary>Sends the events of one response with their numbers; streams text token by token at the model's pace.</summary>
internal sealed class ResponseEmitter(
    IEventSink sink, EventNumbers numbers, TokenPacer pacer, UsageCounter usage, AnswerCut? cut, bool obfuscate)
{
    private const int WorkTokens = 24;
    private const int ObfuscationBlock = 16;
    private const string ObfuscationAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public Task SendAsync(string type, JsonObject fields, CancellationToken cancellationToken)
    {
        var responseEvent = new JsonObject { ["type"] = type, ["sequence_number"] = null };
        foreach (var (name, value) in fields.ToList())
        {
            fields.Remove(name);
            responseEvent[name] = value;
        }

        return numbers.SendAsync(sink, responseEvent, cancellationToken);
    }

    public Task SendResponseAsync(string type, ResponseObject response, CancellationToken cancellationToken) =>
        SendAsync(type, new JsonObject { ["response"] = response.ToJson() }, cancellationToken);

    public Task SendItemAsync(string type, int outputIndex, JsonObject item, CancellationToken cancellationToken) =>
        SendAsync(type, new JsonObject { ["output_index"] = outputIndex, ["item"] = item.DeepClone() }, cancellationToken);

    /// <summary>Pauses for the duration of a short thought.</summary>
    public Task WorkAsync(CancellationToken cancellationToken) => pacer.ThinkAsync(WorkTokens, cancellationToken);

    /// <summary>Streams the text as deltas and returns what of it fitted into the response.</summary>
    public async Task<string> StreamAsync(
        string type,
        JsonObject fields,
        string text,
        bool reasoning,
        CancellationToken cancellationToken)
    {
        var length = 0;
        foreach (var piece in TokenPieces.Split(text))
        {
            if ((type == "response.output_text.delta" && cut?.IsHere() is true) || !usage.TryTake(reasoning))
            {
                break;
            }

            await pacer.NextTokenAsync(cancellationToken);
            var delta = (JsonObject)fields.DeepClone();
            delta["delta"] = piece;
            if (type == "response.output_text.delta")
            {
                delta["logprobs"] = new JsonArray();
            }

            if (obfuscate)
            {
                delta["obfuscation"] = Obfuscation(piece.Length);
            }

            await SendAsync(type, delta, cancellationToken);
            length += piece.Length;
        }

        return text[..length];
    }

    // Pads every delta to a multiple of the block, so that the size of a frame does not reveal the word.
    private static string Obfuscation(int length) =>
        Random.Shared.GetString(ObfuscationAlphabet, ObfuscationBlock - (length % ObfuscationBlock));
}
