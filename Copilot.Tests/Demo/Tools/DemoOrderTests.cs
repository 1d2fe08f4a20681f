using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Invocation;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;
using Copilot.Tests.Shared.Upstream;

namespace Copilot.Tests.Demo.Tools;

/// <summary>The demo model orders parts from the sample company, with a person's approval.</summary>
public sealed class DemoOrderTests : IAsyncLifetime
{
    private readonly DemoFolder _folder = new();
    private readonly ManualClock _clock = new();
    private DemoHost _company = null!;
    private DemoUpstreamHost _upstream = null!;
    private RunHost _runs = null!;

    public async ValueTask InitializeAsync()
    {
        _company = await DemoHost.StartAsync(_folder.Path, _clock);
        _upstream = await DemoUpstreamHost.StartAsync();
        ITool[] tools = [.. _company.Registry.Definitions.Select(definition => _company.Registry.TryGet(definition.Name, out var tool) ? tool : null!)];
        _runs = await RunHost.StartAsync(_upstream.BaseAddress, options => options.ApiKey = DemoUpstreamHost.Key, tools);
    }

    public async ValueTask DisposeAsync()
    {
        await _runs.DisposeAsync();
        await _upstream.DisposeAsync();
        await _company.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Order_Approved_IsPlacedAndListedAfterwards()
    {
        var (run, waiting) = await AskAsync("Order two cooling pumps");
        Assert.Equal(
            """{"part_id":"prt_1001","part_name":"Cooling pump 25-60","quantity":2,"unit_price":189}""", waiting.Arguments);
        Assert.Equal(0, Orders());

        Assert.IsType<CommandOutcome.Accepted>(await DecideAsync(run, new RunCommand.Approve(RunHost.Owner, waiting.CallId, null)));
        Assert.Equal(RunEventTypes.RunCompleted, (await _runs.RestAsync(run))[^1].Type);

        Assert.Equal(1, Orders());
        Assert.Contains("**Ordered.**", await AnswerAsync(run), StringComparison.Ordinal);
        Assert.Contains("378", await AnswerAsync(run), StringComparison.Ordinal);
        var list = await _runs.StartRunAsync("Which orders have we placed?");
        await _runs.RestAsync(list.RunId);
        Assert.Contains("Cooling pump 25-60", await AnswerAsync(list.RunId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_ApprovedWithAnotherQuantity_ReportsWhatWasOrdered()
    {
        var (run, waiting) = await AskAsync("Order two cooling pumps");

        var edited = waiting.Arguments.Replace("\"quantity\":2", "\"quantity\":1", StringComparison.Ordinal);
        Assert.IsType<CommandOutcome.Accepted>(await DecideAsync(run, new RunCommand.Approve(RunHost.Owner, waiting.CallId, edited)));
        await _runs.RestAsync(run);

        Assert.Equal(1, _company.Count("SELECT quantity FROM orders"));
        Assert.Contains("with the arguments that a person changed", await AnswerAsync(run), StringComparison.Ordinal);
        Assert.Contains("189", await AnswerAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_Denied_OrdersNothingAndReportsWhy()
    {
        var (run, waiting) = await AskAsync("Order two cooling pumps");

        await DecideAsync(run, new RunCommand.Deny(RunHost.Owner, waiting.CallId, "we have enough"));
        await _runs.RestAsync(run);

        Assert.Equal(0, Orders());
        Assert.Contains("I was not allowed to use `orders_place`", await AnswerAsync(run), StringComparison.Ordinal);
        Assert.Contains("we have enough", await AnswerAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrdersPlace_SameCallTwice_OrdersOnce()
    {
        const string Order = """{"part_id":"prt_1001","part_name":"Cooling pump","quantity":2,"unit_price":189.00}""";

        var first = await _company.CallAsync("orders_place", Order, "once");
        var second = await _company.CallAsync("orders_place", Order, "once");

        Assert.Equal(ToolOutcome.Ok, second.Outcome);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(1, Orders());
    }

    [Theory]
    [InlineData("""{"part_id":"prt_1001","part_name":"Seal kit","quantity":2,"unit_price":189.00}""", "The part 'prt_1001' is called 'Cooling pump 25-60'.")]
    [InlineData("""{"part_id":"prt_1001","part_name":"Cooling pump","quantity":2,"quantity":50,"unit_price":189.00}""", "The argument 'quantity' is given twice.")]
    public async Task OrdersPlace_NotWhatAPersonWouldRead_IsRefused(string order, string reason)
    {
        var result = await _company.CallAsync("orders_place", order, "hostile");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.StartsWith(reason, result.Output, StringComparison.Ordinal);
        Assert.Equal(0, Orders());
    }

    [Fact]
    public async Task OrdersPlace_WrongPrice_ReportsThePrice()
    {
        var result = await _company.CallAsync(
            "orders_place", """{"part_id":"prt_1001","part_name":"Cooling pump","quantity":2,"unit_price":1}""", "cheap");

        Assert.Equal(ToolOutcome.Failed, result.Outcome);
        Assert.StartsWith("One Cooling pump 25-60 costs 189.00 GBP, not 1.", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, Orders());
    }

    [Fact]
    public async Task Start_DatabaseOfThePreviousVersion_GetsOrdersAndRetainsTheRest()
    {
        await _company.AskAsync("crm_add_note", """{"customer_id":"cus_1001","note":"Keep me."}""");
        await _company.DisposeAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_company.DatabasePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE orders; PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }

        _company = await DemoHost.StartAsync(_folder.Path, _clock);

        Assert.Equal(0, Orders());
        Assert.Equal(1, _company.Count("SELECT count(*) FROM notes WHERE note = 'Keep me.'"));
    }

    private async Task<(string RunId, PendingApproval Waiting)> AskAsync(string input)
    {
        var run = await _runs.StartRunAsync(input);
        await _runs.SeeAsync(run.RunId, RunEventTypes.RunWaiting);
        var summary = await _runs.Database.Events.FindAsync(run.RunId, CancellationToken.None);
        return (run.RunId, Assert.Single(summary!.PendingApprovals));
    }

    private Task<CommandOutcome> DecideAsync(string runId, RunCommand.Decision decision) =>
        _runs.Runs.AskAsync(runId, decision, CancellationToken.None).Soon("the decision is answered");

    private async Task<string> AnswerAsync(string runId) => (await _runs.Database.Events.FindAsync(runId, CancellationToken.None))!.OutputText;

    private long Orders() => _company.Count("SELECT count(*) FROM orders");
}
