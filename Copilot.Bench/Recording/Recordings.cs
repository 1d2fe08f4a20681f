using System.Globalization;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;

namespace Copilot.Bench.Recording;

/// <summary>Frames of the demo upstream: per response, in order, byte for byte.</summary>
internal static class Recordings
{
    /// <summary>The one tool of the benches, as the API's <c>tools</c> array.</summary>
    public static readonly byte[] Tools =
        """[{"type":"function","name":"bench_lookup","description":"Looks a part up by its number and returns its record.","parameters":{"type":"object","properties":{"part":{"type":"string","description":"The part's number."},"site":{"type":"string","description":"Where to look."}},"required":["part","site"],"additionalProperties":false},"strict":true}]"""u8.ToArray();

    /// <summary>Metadata for a scripted response.</summary>
    public static Dictionary<string, string> Script(int toolRounds, int answerTokens) => new()
    {
        ["demo.tool_rounds"] = toolRounds.ToString(CultureInfo.InvariantCulture),
        ["demo.answer_tokens"] = answerTokens.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The settings of a conversation that follows a script.</summary>
    public static ResponseSettings Settings(IReadOnlyDictionary<string, string> script, bool store) => new()
    {
        Model = "demo-1",
        Instructions = "Answer with the tools you have. Be brief.",
        Tools = Tools,
        Store = store,
        ReasoningSummary = "auto",
        Metadata = script,
    };

    /// <summary>Plays a scripted conversation over a socket and records its events.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<ResponseEvent>>> ScriptedAsync(
        UpstreamClient client, int toolRounds, int answerTokens, CancellationToken cancellationToken) =>
        RecordAsync(client, Settings(Script(toolRounds, answerTokens), store: false), "Find the part.", cancellationToken);

    /// <summary>Plays a conversation without a script (reasoning, arguments, Markdown) and records its events.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<ResponseEvent>>> FreeAsync(
        UpstreamClient client, string question, CancellationToken cancellationToken) =>
        RecordAsync(client, Settings(new Dictionary<string, string>(), store: false), question, cancellationToken);

    private static async Task<IReadOnlyList<IReadOnlyList<ResponseEvent>>> RecordAsync(
        UpstreamClient client, ResponseSettings settings, string question, CancellationToken cancellationToken)
    {
        var responses = new List<IReadOnlyList<ResponseEvent>>();
        var current = new List<ResponseEvent>();
        var loop = new ToolLoop(settings, [InputItem.UserMessage(question)], """{"part":"PX-1","stock":3}""")
        {
            OnEvent = received =>
            {
                current.Add(received);
                if (received.IsTerminal)
                {
                    responses.Add([.. current]);
                    current.Clear();
                }
            },
        };
        await using var transport = await client.ConnectAsync(cancellationToken);
        await loop.RunAsync(() => Task.FromResult(transport), cancellationToken);
        return responses;
    }
}
