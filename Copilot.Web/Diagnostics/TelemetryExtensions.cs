using System.Reflection;
using Copilot.Domain.Telemetry;
using Copilot.Web.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Copilot.Web.Diagnostics;

/// <summary>
/// Exports spans and metrics by OTLP where OpenTelemetry's own environment variables say so. Where they say nothing, nothing listens,
/// nothing is exported and no part of the SDK is there.
/// </summary>
internal static class TelemetryExtensions
{
    private const string ServiceName = "copilot";

    // What .NET and ASP.NET Core count of themselves: no address, name or word of a request.
    private static readonly string[] s_platformMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Registers what the environment asks for.</summary>
    /// <exception cref="StartRefusedException">A variable says what cannot be done.</exception>
    public static WebApplicationBuilder AddCopilotTelemetry(this WebApplicationBuilder builder)
    {
        var environment = new OtelEnvironment(builder.Configuration);
        if (environment.Problems() is { Count: > 0 } problems)
        {
            throw new StartRefusedException(problems);
        }

        var traces = environment.Exports(OtelEnvironment.Traces);
        var metrics = environment.Exports(OtelEnvironment.Metrics);
        builder.Services.AddSingleton(new TelemetryOptions { CapturesContent = traces && environment.CapturesContent });
        if (!traces && !metrics)
        {
            return builder;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, environment));
        if (traces)
        {
            telemetry.WithTracing(spans => spans
                .AddSource(CopilotSource.Name)
                .AddOtlpExporter(exporter => environment.Apply(OtelEnvironment.Traces, exporter)));
        }

        if (metrics)
        {
            telemetry.WithMetrics(meters => meters
                .AddMeter([CopilotSource.Name, .. s_platformMeters])
                .AddOtlpExporter(exporter => environment.Apply(OtelEnvironment.Metrics, exporter)));
        }

        return builder;
    }

    // A name that the environment gives comes from the SDK's own reading of it.
    private static void Describe(ResourceBuilder resource, OtelEnvironment environment)
    {
        var version = typeof(TelemetryExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        if (environment.NamesService)
        {
            resource.AddAttributes([new("service.version", version ?? "0")]);
        }
        else
        {
            resource.AddService(ServiceName, serviceVersion: version);
        }
    }
}
