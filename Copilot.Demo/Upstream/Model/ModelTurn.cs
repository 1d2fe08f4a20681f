using System.Collections.Immutable;
using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>What the model sees when it decides the next step: the task, its tools, what was done for it so far.</summary>
internal sealed class ModelTurn
{
    // The rules look for patterns; a request is in the first few thousand characters.
    private const int MaxTaskLength = 4000;

    /// <summary>Part of every question for the customer.</summary>
    public const string CustomerQuestion = "Which customer is";

    private const int MaxReplyWords = 6;

    private ModelTurn(
        CreateRequest request,
        ImmutableArray<FunctionTool> tools,
        string task,
        IReadOnlyList<ToolOutcome> calls,
        IReadOnlyList<ToolOutcome> earlierCalls,
        IReadOnlyList<ConversationItem> earlierMessages,
        DateTimeOffset now)
    {
        Instructions = request.Instructions ?? string.Empty;
        ParallelToolCalls = request.ParallelToolCalls;
        Tools = tools;
        HostedTools = request.ToolChoice.MayCall && request.ToolChoice.Names is null ? request.HostedTools : [];
        CustomTools = [.. request.CustomTools.Where(tool => request.ToolChoice.Admits(tool.Name))];
        Task = task;
        Calls = calls;
        EarlierCalls = earlierCalls;
        EarlierMessages = earlierMessages;
        Now = now;
    }

    public string Instructions { get; }

    public bool ParallelToolCalls { get; }

    /// <summary>The tools that may be called now.</summary>
    public ImmutableArray<FunctionTool> Tools { get; }

    /// <summary>The tools this server runs that may be used now.</summary>
    public ImmutableArray<HostedTool> HostedTools { get; }

    /// <summary>The free-text tools that may be called now.</summary>
    public ImmutableArray<CustomTool> CustomTools { get; }

    /// <summary>The MCP servers whose tools were listed in the conversation.</summary>
    public required ImmutableHashSet<string> ListedServers { get; init; }

    /// <summary>What the person asked last.</summary>
    public string Task { get; }

    /// <summary>The images and files that came with it.</summary>
    public required IReadOnlyList<ReceivedFile> Files { get; init; }

    /// <summary>The calls made for the task, in order, with their outputs.</summary>
    public IReadOnlyList<ToolOutcome> Calls { get; }

    /// <summary>The calls of earlier turns.</summary>
    public IReadOnlyList<ToolOutcome> EarlierCalls { get; }

    /// <summary>The messages before the task.</summary>
    public IReadOnlyList<ConversationItem> EarlierMessages { get; }

    public DateTimeOffset Now { get; }

    /// <summary>Start of the previous task, when this one is a steer message to it; else null.</summary>
    public int? SteeringMessage { get; private init; }

    public static ModelTurn Of(CreateRequest request, ImmutableArray<ConversationItem> context, DateTimeOffset now) =>
        Of(request, context, now, TaskStart(context, context.Length));

    /// <summary>The turn of the task that starts here.</summary>
    public static ModelTurn Of(CreateRequest request, ImmutableArray<ConversationItem> context, DateTimeOffset now, int start)
    {
        var messages = context.Take(start).Where(item => item.Type == "message").ToList();
        var task = string.Join('\n', context.Skip(start).Where(item => item.IsMessageFrom("user")).Select(item => item.Text));
        task = task.Length > MaxTaskLength ? task[..MaxTaskLength] : task;
        var calls = Outcomes(context.Skip(start));
        task = Completed(Answered(task, calls), messages);
        return new ModelTurn(
            request,
            [.. request.Tools.Where(tool => request.ToolChoice.Admits(tool.Name))],
            task,
            calls,
            Outcomes(context.Take(start)),
            messages,
            now)
        {
            Files = [.. context.Skip(start).Where(item => item.IsMessageFrom("user")).SelectMany(item => item.Files)],
            SteeringMessage = start > 0 && context[start - 1].Type is "function_call" or "function_call_output" or "reasoning"
                ? TaskStart(context, start)
                : null,
            ListedServers = [.. context.Where(item => item.Type == "mcp_list_tools").Select(item => item.Json.Text("server_label")).OfType<string>()],
        };
    }

    /// <summary>Whether a tool of this type may be used.</summary>
    public bool Has(string type) => Hosted(type) is not null;

    /// <summary>The tool of this type, or null.</summary>
    public HostedTool? Hosted(string type) => HostedTools.FirstOrDefault(tool => tool.Type == type);

    /// <summary>The calls of the task whose tool has this role.</summary>
    public IReadOnlyList<ToolOutcome> CallsTo(ToolRole role) => [.. Calls.Where(call => role.Fits(call.Name))];

    /// <summary>The rows of the newest successful look-up with this role, in this task or before it.</summary>
    public IReadOnlyList<JsonElement> LatestRows(ToolRole role) =>
        EarlierCalls.Concat(Calls).LastOrDefault(call => role.Fits(call.Name) && call.Rows.Count > 0)?.Rows ?? [];

    // The same, where it was asked for with a tool.
    private static string Answered(string task, List<ToolOutcome> calls) =>
        calls.LastOrDefault(call => ToolRole.AskPerson.Fits(call.Name)) is { Succeeded: true } asked
        && asked.Arguments.Text("question")?.Contains(CustomerQuestion, StringComparison.Ordinal) is true
            ? $"customer “{asked.Output.Trim().TrimEnd('.', '!')}”\n{task}"
            : task;

    // "Contoso", said after "Which customer is it?", completes the request before it.
    private static string Completed(string task, List<ConversationItem> messages) =>
        messages is [.., { Role: "user" } asked, { Role: "assistant" } question]
        && question.Text.Contains(CustomerQuestion, StringComparison.Ordinal)
        && task.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MaxReplyWords
            ? $"customer “{task.Trim().TrimEnd('.', '!')}”\n{asked.Text}"
            : task;

    // The last user message, with those directly before it: nothing happened in between.
    private static int TaskStart(ImmutableArray<ConversationItem> context, int end)
    {
        var start = end;
        for (var index = end - 1; index >= 0; index--)
        {
            if (context[index].IsMessageFrom("user"))
            {
                start = index;
            }
            else if (start < end)
            {
                break;
            }
        }

        return start == end ? 0 : start;
    }

    private static List<ToolOutcome> Outcomes(IEnumerable<ConversationItem> items)
    {
        var open = new Dictionary<string, (ConversationItem Call, int Position)>();
        var position = 0;
        var found = new SortedDictionary<int, ToolOutcome>();
        foreach (var item in items)
        {
            if (item is { Type: "function_call" or "custom_tool_call", CallId: { } callId })
            {
                open[callId] = (item, position++);
            }
            else if (item is { Type: "function_call_output" or "custom_tool_call_output", CallId: { } outputId } && open.Remove(outputId, out var call))
            {
                found[call.Position] = ToolOutcome.Of(call.Call, item);
            }
        }

        return [.. found.Values];
    }
}
