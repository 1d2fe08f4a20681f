namespace Copilot.Tests.Architecture;

/// <summary>The rooms of the product and their rules, as docs/architecture.md describes them.</summary>
internal static class Rooms
{
    /// <summary>Websocket.Client and what it brings along, for the room of the upstream alone.</summary>
    public static readonly string[] SocketLibrary = ["Websocket.Client", "System.Reactive", "Microsoft.IO"];

    // What the generator of options' validators writes beside them.
    private static readonly string[] s_generated = ["__OptionValidationStaticInstances"];

    private static readonly string[] s_base =
    [
        "System",
        "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Logging",
        "Microsoft.Extensions.Options",
        "Copilot.Domain.Concurrency",
        "Copilot.Domain.Settings",
        "Copilot.Domain.Telemetry",
        .. s_generated,
    ];

    private static readonly string[] s_database = ["Microsoft.EntityFrameworkCore", "Microsoft.Data", "System.Data"];

    private static readonly string[] s_transports =
    [
        "Copilot.Domain.Responses.Transports.IResponsesTransport",
        "Copilot.Domain.Responses.Transports.WebSocketTransport",
        "Copilot.Domain.Responses.Transports.Http.HttpTransport",
        "Copilot.Domain.Responses.Connecting.IUpstreamConnector",
        "Copilot.Domain.Responses.Connecting.UpstreamConnector",
        "Copilot.Domain.Responses.Transports.UpstreamHttp",
        "Copilot.Domain.Responses.Sessions.ResponsesSession",
        "System.Net.WebSockets",
        "System.Net.Http.HttpClient",
        .. SocketLibrary,
    ];

    // What only the owner of runs touches; everybody else has IRuns, IRunFeed and IRunDirectory.
    private static readonly string[] s_runInside =
    [
        "Copilot.Domain.Runs.Actor.RunActor",
        "Copilot.Domain.Runs.Actor.RunMailbox",
        "Copilot.Domain.Runs.Registry.RunRegistry",
        "Copilot.Domain.Runs.Log.RunEventWriter",
        "Copilot.Domain.Runs.Log.StoreAvailability",
        "Copilot.Domain.Runs.Actor.RunRecorder",
        "Copilot.Domain.Runs.Actor.Calls.RunTools",
        "Copilot.Domain.Runs.Actor.Sending.RunUpstream",
        "Copilot.Domain.Runs.Log.RunLog",
        "Copilot.Domain.Runs.Log.RunLogs",
    ];

    /// <summary>The rooms of Copilot.Domain.</summary>
    public static IReadOnlyList<Room> Domain { get; } =
    [
        new("Copilot.Domain.Concurrency", May: ["System"], Never: [], But: []),
        new("Copilot.Domain.Settings", May: ["System", "Microsoft.Extensions.Options"], Never: [], But: []),
        new("Copilot.Domain.Telemetry", May: ["System"], Never: ["System.IO", "System.Net"], But: []),
        new("Copilot.Domain.Responses", May: [.. s_base, "Websocket.Client"], Never: [], But: []),
        new("Copilot.Domain.Tools", May: s_base, Never: [], But: []),
        new("Copilot.Domain.Costs", May: ["System", "Microsoft.Extensions.Options", "Copilot.Domain.Responses", "Copilot.Domain.Settings", .. s_generated], Never: s_transports, But: []),
        new("Copilot.Domain.Runs", May: [.. s_base, "Copilot.Domain.Costs", "Copilot.Domain.Responses", "Copilot.Domain.Tools"], Never: s_database, But: []),
        new("Copilot.Domain.Erasure", May: [.. s_base, "Copilot.Domain.Responses", "Copilot.Domain.Runs"], Never: [.. s_database, .. s_runInside], But: []),
        new("Copilot.Domain.Audit", May: [.. s_base, "Copilot.Domain.Runs.Events", "Copilot.Domain.Runs.Log.StorageUnavailableException"], Never: [.. s_database, .. s_runInside, "System.IO", "System.Random", "System.TimeProvider"], But: []),
        // Pure: the same run at the same time is assessed alike.
        new(
            "Copilot.Domain.Supervision",
            May: ["System", "Microsoft.Extensions.Options", "Copilot.Domain.Settings", "Copilot.Domain.Costs", "Copilot.Domain.Responses", "Copilot.Domain.Runs", .. s_generated],
            Never:
            [
                .. s_database, .. s_transports, .. s_runInside,
                "System.IO", "System.Net", "System.Random", "System.TimeProvider", "System.Threading.Tasks",
                "Copilot.Domain.Runs.Log.IRunEventStore", "Copilot.Domain.Runs.Log.IRunFeed", "Copilot.Domain.Runs.IRuns",
            ],
            But: []),
        // Pure: the same events give the same timeline, whenever and wherever they are folded.
        new(
            "Copilot.Domain.Timeline",
            May: ["System", "Copilot.Domain.Costs", "Copilot.Domain.Responses", "Copilot.Domain.Runs"],
            Never:
            [
                .. s_database, .. s_transports, .. s_runInside,
                "System.IO", "System.Net", "System.Diagnostics.Process", "System.Random", "System.TimeProvider", "System.Threading.Tasks",
                "Copilot.Domain.Runs.Log.IRunEventStore", "Copilot.Domain.Runs.Log.IRunFeed", "Copilot.Domain.Runs.IRuns",
            ],
            But: []),
        // As pure as the timeline that it is made from.
        new(
            "Copilot.Domain.Replay",
            May: ["System", "Copilot.Domain.Responses.Events", "Copilot.Domain.Runs.Events", "Copilot.Domain.Runs.Summaries", "Copilot.Domain.Timeline"],
            Never:
            [
                .. s_database, .. s_transports, .. s_runInside,
                "System.IO", "System.Net", "System.Diagnostics.Process", "System.Random", "System.TimeProvider", "System.Threading.Tasks",
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
                "Copilot.Domain.Runs.Log.IRunEventStore", "Copilot.Domain.Erasure.IErasureStore", "Copilot.Domain.Erasure.ErasureWorker",
                "Copilot.Web.Storage", "Copilot.Web.Files", "Copilot.Demo", "Copilot.Web.Api",
            ],
            // Values that are shown, not ways to the database or the disk.
            But:
            [
                "Copilot.Web.Storage.Sessions.SessionInfo", "Copilot.Web.Storage.Sessions.SearchSnippet", "Copilot.Web.Storage.Sessions.SnippetPart",
                "Copilot.Web.Storage.Search.RunFilter", "Copilot.Web.Storage.Search.RunCondition", "Copilot.Web.Storage.Search.RunField", "Copilot.Web.Storage.Search.RunSort",
                "Copilot.Web.Storage.Search.FoundRun", "Copilot.Web.Storage.Search.SearchHit", "Copilot.Web.Storage.Search.FoundSession", "Copilot.Web.Storage.Search.RunNames",
                "Copilot.Web.Storage.Search.Views.SavedView", "Copilot.Web.Storage.Search.Review.RunPlace",
                "Copilot.Web.Files.FileLimits", "Copilot.Web.Files.FileSize", "Copilot.Web.Files.FileText",
            ]),
        new(
            "Copilot.Web.Sessions",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Demo", "Copilot.Web.Api"],
            But: []),
        // The use cases that pages and the API share.
        new(
            "Copilot.Web.Runs",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Microsoft.AspNetCore.Components"],
            But: []),
        // What pages and the API show of all runs at once, and do about them: requests for help, levers.
        new(
            "Copilot.Web.Supervision",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Microsoft.AspNetCore.Components"],
            But: []),
        new(
            "Copilot.Web.Storage",
            May: null,
            Never:
            [
                .. s_transports, .. s_runInside,
                "Copilot.Domain.Timeline", "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Copilot.Web.Files", "Microsoft.AspNetCore.Components", "MudBlazor",
            ],
            // A rule about letters, for titles.
            But: ["Copilot.Domain.Timeline.Text.VisibleText"]),
        new(
            "Copilot.Web.Files",
            May: null,
            Never:
            [
                .. s_transports, .. s_runInside,
                "Copilot.Domain.Timeline", "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Microsoft.AspNetCore.Components", "MudBlazor",
            ],
            But: []),
        // The access log, checkpoints and their verification, for every room that shows or changes something.
        new(
            "Copilot.Web.Audit",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Microsoft.AspNetCore.Components", "MudBlazor"],
            But: []),
        new(
            "Copilot.Web.Commands",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Web.Api", "Copilot.Demo", "Microsoft.AspNetCore.Components", "MudBlazor"],
            But: []),
        new(
            "Copilot.Web.Api",
            May: null,
            Never: [.. s_transports, .. s_runInside, "Copilot.Web.Components", "Copilot.Web.Sessions", "Copilot.Demo"],
            But: []),
    ];

    /// <summary>The rooms of Copilot.Demo, which refers to nothing of Copilot.Web.</summary>
    public static IReadOnlyList<Room> Demo { get; } =
    [
        // A company's own tools know only what a tool is.
        new("Copilot.Demo.Tools", May: null, Never: ["Copilot.Domain", "Copilot.Demo.Upstream"], But: ["Copilot.Domain.Tools", "Copilot.Domain.Settings"]),
        // The other end of the wire shares no code with this end: a mistake made twice would look like an agreement. How settings are
        // checked is nothing that goes over the wire.
        new("Copilot.Demo.Upstream", May: null, Never: ["Copilot.Domain", "Copilot.Demo.Tools"], But: ["Copilot.Domain.Settings"]),
    ];

    /// <summary>Every room.</summary>
    public static IReadOnlyList<Room> All { get; } = [.. Domain, .. Web, .. Demo];

    /// <summary>
    /// The floors of each large room of Copilot.Domain, the lowest first: a type may use what is on its own floor and below, never
    /// what is above. A floor without a name is the room's own namespace. What registers services stands outside.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Floors { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["Copilot.Domain.Responses"] = ["", "Events", "Requests", "Transports", "Sessions", "Connecting", "Failures"],
        ["Copilot.Domain.Runs"] = ["Events", "HostedTools", "Summaries", "Log", "Input", "Forks", "Telemetry", "Grants", "Rules", "Questions", "", "Actor", "Registry"],
        ["Copilot.Domain.Timeline"] = ["Text", "Items", "State", "Snapshots", "Folds", "Queries", ""],
        ["Copilot.Domain.Tools"] = ["Switches", "", "Invocation"],
    };

    /// <summary>Every folder that Copilot.Web may have. The others put the rooms together and have no walls.</summary>
    public static IReadOnlyList<string> WebFolders { get; } =
    [
        "Api", "Audit", "Commands", "Components", "Diagnostics", "Files", "Hosting", "Identity", "Options", "Runs", "Security", "Sessions", "Storage", "Supervision",
    ];
}
