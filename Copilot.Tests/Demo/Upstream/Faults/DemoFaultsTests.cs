using Copilot.Demo.Upstream;
using Copilot.Demo.Upstream.Faults;
using Copilot.Demo.Upstream.Http;
using Copilot.Demo.Upstream.Network;
using Copilot.Web.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Copilot.Tests.Demo.Upstream.Faults;

public sealed class DemoFaultsTests
{
    [Fact]
    public void Requests_FromTheConfiguration_AreActiveAtStart()
    {
        var services = Configured(
            ("Demo:Upstream:Faults:0:Fault", "cut_text"),
            ("Demo:Upstream:Faults:0:Times", "2"),
            ("Demo:Upstream:Faults:0:At", "7"),
            ("Demo:Upstream:Faults:1:Fault", "http_500"),
            ("Demo:Upstream:Faults:1:Probability", "0.5"),
            ("Demo:Upstream:Network", "4g"));

        Assert.Equal(
            [new DemoFault { Fault = "cut_text", Times = 2, At = 7 }, new DemoFault { Fault = "http_500", Probability = 0.5 }],
            services.GetRequiredService<DemoFaults>().Requests.ToList());
        Assert.Equal(NetworkProfile.FourG, services.GetRequiredService<DemoNetwork>().Profile);
    }

    [Fact]
    public void Options_WithSeveralMistakes_AreAllNamed()
    {
        var services = Configured(
            ("Demo:Upstream:Faults:0:Fault", "no_such_fault"),
            ("Demo:Upstream:Faults:1:Fault", "cut"),
            ("Demo:Upstream:Faults:1:Probability", "2"),
            ("Demo:Upstream:Network", "dial-up"),
            ("Demo:Upstream:MaxConnectionAge", "00:00:00"));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<DemoFaults>());

        string[] settings = ["Demo:Upstream:Faults:0:Fault", "Demo:Upstream:Faults:1:Probability", "Demo:Upstream:Network", "Demo:Upstream:MaxConnectionAge"];
        Assert.Equal(settings.Length, refused.Failures.Count());
        Assert.All(settings, setting => Assert.Single(refused.Failures, failure => failure.StartsWith($"{setting} is ", StringComparison.Ordinal)));
        Assert.Contains("Demo:Upstream:Faults:1:Probability is 2. Set it to 0 to 1 (Demo__Upstream__Faults__1__Probability in the environment).", refused.Failures);
        Assert.Contains(
            "Demo:Upstream:Network is 'dial-up'. Set it to fiber, office-proxy, 4g or bad-4g (Demo__Upstream__Network in the environment).",
            refused.Failures);
    }

    [Fact]
    public void Options_EveryNetwork_IsAccepted()
    {
        Assert.All(NetworkProfile.All, profile => Assert.Equal(profile, Configured(("Demo:Upstream:Network", profile.Name)).GetRequiredService<DemoNetwork>().Profile));
    }

    [Theory]
    [InlineData("Probability", double.NaN)]
    [InlineData("Seconds", 86_401)]
    public void Inject_ValueOutOfItsRange_NamesIt(string property, double value)
    {
        var fault = property == "Seconds" ? new DemoFault { Fault = "cut", Seconds = value } : new DemoFault { Fault = "cut", Probability = value };

        var refused = Assert.ThrowsAny<Exception>(() => NewFaults(seed: 1).Inject(fault));

        Assert.Contains($"{property} is ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_WithTimes_IsAppliedThatOftenInARow()
    {
        var faults = NewFaults(seed: 1);
        faults.Inject(new DemoFault { Fault = "cut", Times = 2, Skip = 1 });

        Assert.Equal([false, true, true, false, false], Enumerable.Range(0, 5).Select(_ => Strikes(faults)));
        Assert.Equal(2, faults.TimesApplied("cut"));
        Assert.Empty(faults.Requests);
    }

    [Fact]
    public void Next_FaultWasNotApplied_IsReturnedAgain()
    {
        var faults = NewFaults(seed: 1);
        faults.Inject(new DemoFault { Fault = "cut_arguments", Times = 1 });

        Assert.NotNull(Next(faults));
        Assert.True(Next(faults)!.Apply());
        Assert.Null(Next(faults));
    }

    [Fact]
    public void Apply_TwoResponsesAtOnce_AffectsOneOfThem()
    {
        var faults = NewFaults(seed: 1);
        faults.Inject(new DemoFault { Fault = "cut", Times = 1 });
        var (first, second) = (Next(faults)!, Next(faults)!);

        Assert.True(first.Apply());
        Assert.False(second.Apply());
    }

    [Fact]
    public void Probability_WithTheSameSeed_AffectsTheSameRequests()
    {
        var (one, same, other) = (Pattern(seed: 3), Pattern(seed: 3), Pattern(seed: 4));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.InRange(one.Count(struck => struck), 200, 300);
    }

    [Fact]
    public void Over_OneTransport_SparesTheOther()
    {
        var faults = NewFaults(seed: 1);
        faults.Inject(new DemoFault { Fault = "cut", Over = "http" });

        Assert.Null(Next(faults));
        Assert.NotNull(faults.Next(DemoFaultStage.Response, RequestTransport.Http, requested: null, scope: string.Empty));
    }

    [Fact]
    public void Asked_PerKey_IsCountedPerKey()
    {
        var faults = NewFaults(seed: 1);
        var asked = FaultKeys.Read(new Dictionary<string, string> { ["demo.fault"] = "cut", ["demo.fault_times"] = "1" })!;
        bool Strikes(string key) =>
            faults.Next(DemoFaultStage.Response, RequestTransport.WebSocket, asked, key)?.Apply() is true;

        Assert.True(Strikes("a"));
        Assert.False(Strikes("a"));
        Assert.True(Strikes("b"));
        Assert.False(Strikes("b"));
    }

    [Fact]
    public void Clear_SeveralFaults_RemovesAll()
    {
        var faults = NewFaults(seed: 1);
        faults.Inject(new DemoFault { Fault = "cut" });
        faults.Clear();

        Assert.Null(Next(faults));
    }

    [Theory]
    [InlineData("demo.fault", "no_such_fault")]
    [InlineData("demo.fault_times", "2")]
    [InlineData("demo.fault_colour", "red")]
    public void Keys_ThatSayNothing_AreRefused(string key, string value) =>
        Assert.Throws<FormatException>(() => FaultKeys.Read(new Dictionary<string, string> { [key] = value }));

    private static DemoFaults NewFaults(int seed) => new(Microsoft.Extensions.Options.Options.Create(new DemoUpstreamOptions { Seed = seed }));

    private static FaultRequest? Next(DemoFaults faults) =>
        faults.Next(DemoFaultStage.Response, RequestTransport.WebSocket, requested: null, scope: string.Empty);

    private static bool Strikes(DemoFaults faults) => Next(faults)?.Apply() is true;

    private static List<bool> Pattern(int seed)
    {
        var faults = NewFaults(seed);
        faults.Inject(new DemoFault { Fault = "cut", Probability = 0.25 });
        return [.. Enumerable.Range(0, 1000).Select(_ => Strikes(faults))];
    }

    private static ServiceProvider Configured(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build());
        services.AddDemoUpstream();
        services.AddSettings<DemoUpstreamOptions>(DemoUpstreamOptions.Section);
        return services.BuildServiceProvider();
    }
}
