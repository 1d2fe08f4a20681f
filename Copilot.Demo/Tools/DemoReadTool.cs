using Copilot.Demo.Tools.Data;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Options;

namespace Copilot.Demo.Tools;

/// <summary>A tool that reads the sample company.</summary>
internal abstract class DemoReadTool<TArguments>(DemoDatabase database, IOptions<DemoToolsOptions> options, TimeProvider time)
    : DemoTool<TArguments>(database, options, time)
    where TArguments : class
{
    protected sealed override Task<string> WorkAsync(ToolContext context, TArguments arguments, CancellationToken cancellationToken) =>
        ReadAsync(arguments, cancellationToken);

    /// <summary>Returns the result as JSON.</summary>
    protected abstract Task<string> ReadAsync(TArguments arguments, CancellationToken cancellationToken);
}
