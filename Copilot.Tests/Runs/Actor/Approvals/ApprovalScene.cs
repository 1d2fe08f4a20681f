using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Runs;
using Copilot.Tests.Shared.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Runs.Actor.Approvals;

/// <summary>A run whose model orders parts, a tool that needs a person for it, and a clock that only the test moves.</summary>
internal sealed class ApprovalScene : IAsyncDisposable
{
    public static readonly EventActor Supervisor = new("usr_boss", "Supervisor");

    public ManualClock Clock { get; } = new();

    public required ScriptedUpstream Upstream { get; init; }

    public required RunHost Host { get; set; }

    public required OrderTool Order { get; init; }

    public required TestTool Read { get; init; }

    public static async Task<ApprovalScene> StartAsync(
        Action<ToolOptions>? configure = null, TransportChoice transport = TransportChoice.WebSocket, Action<IServiceCollection>? add = null)
    {
        var scene = new ApprovalScene
        {
            Upstream = await ScriptedUpstream.StartAsync(),
            Host = null!,
            Order = new OrderTool(),
            Read = new TestTool("read", _ => Task.FromResult("seven")),
        };
        scene.Host = await RunHost.StartWithAsync(
            scene.Upstream.BaseUrl,
            services =>
            {
                services.AddSingleton<TimeProvider>(scene.Clock);
                services.Configure<UpstreamOptions>(options => options.Transport = transport);
                services.Configure<ToolOptions>(options => configure?.Invoke(options));
                add?.Invoke(services);
            },
            scene.Order,
            scene.Read);
        return scene;
    }

    /// <summary>A run whose first response asks for these calls, and the socket it uses.</summary>
    public Task<(RunSummary Run, ScriptedSocket Socket)> AskAsync(params string[] items) => AskAsync(RunHost.Request("Order two pumps", "ses_1"), items);

    /// <param name="request">What is asked, by whom and where.</param>
    /// <param name="items">The calls.</param>
    /// <inheritdoc cref="AskAsync(string[])"/>
    public async Task<(RunSummary Run, ScriptedSocket Socket)> AskAsync(RunRequest request, params string[] items)
    {
        var run = Assert.IsType<StartOutcome.Started>(await Host.Runs.StartAsync(request, CancellationToken.None)).Run;
        var socket = await Upstream.NextSocketAsync();
        await socket.ReceiveAsync();
        await socket.SendAsync([Frames.Created("resp_1"), .. items, Frames.Completed("resp_1")]);
        return (run, socket);
    }

    public static string Call(string callId, string name, string arguments, int index = 0) =>
        $$$"""{"type":"response.output_item.done","sequence_number":6,"output_index":{{{index}}},"item":{"id":"fc_{{{callId}}}","type":"function_call","status":"completed","call_id":"{{{callId}}}","name":"{{{name}}}","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}""";

    public static string OrderCall(string callId = "call_1", int quantity = 2) =>
        Call(callId, "orders_place", $$"""{"part":"pump","quantity":{{quantity}}}""");

    public static string McpRequest(string id, int index = 0) =>
        $$$"""{"type":"response.output_item.done","sequence_number":6,"output_index":{{{index}}},"item":{"id":"{{{id}}}","type":"mcp_approval_request","server_label":"billing","name":"refund","arguments":"{\"amount\":12}"}}""";

    public Task<CommandOutcome> DecideAsync(string runId, RunCommand.Decision decision) =>
        Host.Runs.AskAsync(runId, decision, CancellationToken.None).Soon("the decision is answered");

    public Task<CommandOutcome> ApproveAsync(string runId, string? edited = null, string callId = "call_1") =>
        DecideAsync(runId, new RunCommand.Approve(RunHost.Owner, callId, edited));

    public Task<CommandOutcome> DenyAsync(string runId, string? reason = null, string callId = "call_1") =>
        DecideAsync(runId, new RunCommand.Deny(Supervisor, callId, reason));

    /// <summary>Reads the next request, answers it, and gives its input.</summary>
    public async Task<(JsonElement Frame, IReadOnlyList<RunEvent> Events)> FinishAsync(string runId, ScriptedSocket socket)
    {
        var frame = JsonDocument.Parse(await socket.ReceiveAsync()).RootElement;
        await socket.SendAsync(Frames.Answer("resp_2", "done"));
        return (frame, await Host.RestAsync(runId, RunEventTypes.RunCompleted));
    }

    public static string[] Outputs(JsonElement frame, string callId) =>
    [
        .. frame.GetProperty("input").EnumerateArray()
            .Where(item => item.TryGetProperty("call_id", out var id) && id.ValueEquals(callId) && item.TryGetProperty("output", out _))
            .Select(item => item.GetProperty("output").GetString()!),
    ];

    /// <summary>The types of a run's events from one to another.</summary>
    public static IEnumerable<string> Between(IReadOnlyList<RunEvent> events, string first, string last)
    {
        var types = events.Select(e => e.Type).ToList();
        var from = types.IndexOf(first);
        return types.Skip(from).Take(types.IndexOf(last, from) - from + 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    internal sealed record OrderPart([property: StringLength(20)] string Part, [Range(1, 10)] int Quantity);

    /// <summary>Orders parts; keeps what it was told to order.</summary>
    internal sealed class OrderTool : Tool<OrderPart>
    {
        public List<OrderPart> Orders { get; } = [];

        public override ToolDefinition Definition { get; } =
            Define("orders_place", "Orders parts.") with { RequiresApproval = true };

        /// <summary>What an order waits for.</summary>
        public Task Gate { get; set; } = Task.CompletedTask;

        protected override async Task<ToolResult> InvokeAsync(ToolContext context, OrderPart arguments, CancellationToken cancellationToken)
        {
            await Gate.WaitAsync(cancellationToken);
            lock (Orders)
            {
                Orders.Add(arguments);
            }

            return ToolResult.Ok($"Ordered {arguments.Quantity} of {arguments.Part}.");
        }
    }
}
