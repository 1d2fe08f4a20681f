using System.Runtime.CompilerServices;
using Bunit;

namespace Copilot.Tests.Shared.Clock;

/// <summary>Waits for a component have the same end as all others; by itself bunit gives up after a second.</summary>
internal static class ComponentWaits
{
    [ModuleInitializer]
    internal static void Lengthen() => BunitContext.DefaultWaitTimeout = Waiting.Limit;
}
