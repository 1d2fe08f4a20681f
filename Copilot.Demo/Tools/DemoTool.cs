using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>A tool of the sample company. It takes the configured latency.</summary>
internal abstract class DemoTool<TArguments>(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time) : Tool<TArguments>
    where TArguments : class
{
    protected DemoDatabase Database { get; } = database;

    protected TimeProvider Time { get; } = time;

    protected sealed override async Task<ToolResult> InvokeAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.Latency, Time, cancellationToken);
        return ToolResult.Ok(await WorkAsync(context, arguments, cancellationToken));
    }

    /// <summary>Does the tool's work and returns the result as JSON.</summary>
    protected abstract Task<string> WorkAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken);
}
