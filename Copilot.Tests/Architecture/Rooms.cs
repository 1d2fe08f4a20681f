namespace Copilot.Tests.Architecture;

/// <summary>The rooms of the product and their rules, as CONTRIBUTING.md tells them.</summary>
internal static class Rooms
{
    private static readonly string[] s_base =
    [
        "System",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Logging",
        "Microsoft.Extensions.Options",
    ];

    private static readonly string[] s_database = ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "System.Data"];

    private static readonly string[] s_transports =
    [
        "Copilot.Domain.Responses.IResponsesTransport",
        "Copilot.Domain.Responses.WebSocketTransport",
        "Copilot.Domain.Responses.HttpTransport",
        "Copilot.Domain.Responses.IUpstreamConnector",
        "Copilot.Domain.Responses.UpstreamConnector",
        "Copilot.Domain.Responses.UpstreamHttp",
        "Copilot.Domain.Responses.ResponsesSession",
        "System.Net.WebSockets",
        "System.Net.Http.HttpClient",
    ];

    // What only the owner of runs touches; everybody else has IRuns, IRunFeed and IRunDirectory.
    private static readonly string[] s_runInside =
    [
        "Copilot.Domain.Runs.RunActor",
        "Copilot.Domain.Runs.RunRegistry",
        "Copilot.Domain.Runs.RunEventWriter",
        "Copilot.Domain.Runs.RunRecorder",
        "Copilot.Domain.Runs.RunTools",
        "Copilot.Domain.Runs.RunUpstream",
        "Copilot.Domain.Runs.RunLog",
        "Copilot.Domain.Runs.RunLogs",
    ];

    /// <summary>The rooms of Copilot.Domain.</summary>
    public static IReadOnlyList<Room> Domain { get; } =
    [
        new("Copilot.Domain.Responses", May: s_base, Never: [], But: []),
        new("Copilot.Domain.Tools", May: s_base, Never: [], But: []),
        new("Copilot.Domain.Costs", May: ["System", "Microsoft.Extensions.Options", "Copilot.Domain.Responses"], Never: s_transports, But: []),
        new("Copilot.Domain.Runs", May: [.. s_base, "Copilot.Domain.Costs", "Copilot.Domain.Responses", "Copilot.Domain.Tools"], Never: s_database, But: []),
        new("Copilot.Domain.Erasure", May: [.. s_base, "Copilot.Domain.Responses", "Copilot.Domain.Runs"], Never: [.. s_database, .. s_runInside], But: []),
        // Pure: the same events give the same timeline, whenever and wherever they are folded.
        new(
            "Copilot.Domain.Timeline",
            May: ["System", "Copilot.Domain.Costs", "Copilot.Domain.Responses", "Copilot.Domain.Runs"],
            Never:
            [
                .. s_database, .. s_transports, .. s_runInside,
                "System.IO", "System.Net", "System.Diagnostics.Process", "System.Random", "System.TimeProvider", "System.Threading.Tasks",
                "Copilot.Domain.Runs.IRunEventStore", "Copilot.Domain.Runs.IRunFeed", "Copilot.Domain.Runs.IRuns",
            ],
            But: []),
    ];

    /// <summary>The rooms of Copilot.Web with walls around them.</summary>
    public static IReadOnlyList<Room> Web { get; } =
    [
        new(
            "Copilot.Web.Components",
            May: null,
            Never:
            [
                .. s_database, .. s_transports, .. s_runInside,
                "Copilot.Domain.Runs.IRunEventStore", "Copilot.Domain.Erasure.IErasureStore", "Copilot.Domain.Erasure.ErasureWorker",
                "Copilot.Web.Storage", "Copilot.Web.Files", "Copilot.Web.DemoTools", "Copilot.Web.DemoUpstream", "Copilot.Web.Api",
            ],
            // Values that are shown, not ways to the database or the disk.
            But: ["Copilot.Web.Storage.SessionInfo", "Copilot.Web.Files.FileLimits", "Copilot.Web.Files.FileSize"]),
        new(
            "Copilot.Web.Sessions",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.DemoTools", "Copilot.Web.DemoUpstream", "Copilot.Web.Api"],
            But: []),
        new(
            "Copilot.Web.Storage",
            May: null,
            Never:
            [
                .. s_transports, .. s_runInside,
                "Copilot.Domain.Timeline", "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Web.DemoTools",
                "Copilot.Web.DemoUpstream", "Copilot.Web.Files", "Microsoft.AspNetCore.Components", "Radzen",
            ],
            But: []),
        new(
            "Copilot.Web.Files",
            May: null,
            Never:
            [
                .. s_transports, .. s_runInside,
                "Copilot.Domain.Timeline", "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Web.DemoTools",
                "Copilot.Web.DemoUpstream", "Microsoft.AspNetCore.Components", "Radzen",
            ],
            But: []),
        new(
            "Copilot.Web.Api",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.DemoTools", "Copilot.Web.DemoUpstream"],
            But: []),
        // What a company would put in the place of these knows only what a tool is.
        new(
            "Copilot.Web.DemoTools",
            May: null,
            Never:
            [
                "Copilot.Domain.Responses", "Copilot.Domain.Runs", "Copilot.Domain.Timeline", "Copilot.Web.Storage", "Copilot.Web.Components",
                "Copilot.Web.Sessions", "Copilot.Web.Identity", "Copilot.Web.DemoUpstream",
            ],
            But: []),
        // The other end of the wire shares no code with this end: a mistake made twice would look like an agreement.
        new(
            "Copilot.Web.DemoUpstream",
            May: null,
            Never:
            [
                "Copilot.Domain", "Copilot.Web.Storage", "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Identity",
                "Copilot.Web.DemoTools",
            ],
            But: []),
    ];

    /// <summary>Every folder that Copilot.Web may have. The others put the rooms together and have no walls.</summary>
    public static IReadOnlyList<string> WebFolders { get; } =
    [
        "Api", "Components", "DemoTools", "DemoUpstream", "Files", "Hosting", "Identity", "Options", "Security", "Sessions", "Storage", "Telemetry",
    ];
}
