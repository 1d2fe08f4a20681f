using System.Runtime.CompilerServices;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>Hosts of the tests read their settings once. By itself each would watch the folder that the tests run in, and systems allow few watches.</summary>
internal static class SettingsReadOnce
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
