using Bunit;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Timeline;

/// <summary>What the components of the timeline need around them.</summary>
public abstract class TimelineContext : BunitContext
{
    protected TimelineContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
    }

    internal static TimelineState Fold(RunLogBuilder log) => TimelineReducer.Apply(TimelineState.Empty, log.Events);

    internal static TimelineState FoldUntil(RunLogBuilder log, string type) =>
        TimelineClip.At(Fold(log), log.Events.First(e => e.Type == type).Seq);
}
