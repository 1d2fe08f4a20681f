using Copilot.Web.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Options;

/// <summary>The product's options over settings that a test gives.</summary>
internal static class Settings
{
    public static ServiceProvider Build(string environment, Dictionary<string, string?> values)
    {
        var builder = Builder(environment, values);
        builder.AddCopilotOptions();
        return builder.Services.BuildServiceProvider();
    }

    public static WebApplicationBuilder Builder(string environment, Dictionary<string, string?> values)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(values);
        return builder;
    }

    /// <summary>The start is refused with one reason for each of these settings, and each says what to set.</summary>
    /// <returns>The whole message.</returns>
    public static string AssertRefused(IServiceProvider provider, params string[] settings)
    {
        var refused = Assert.Throws<StartRefusedException>(provider.CheckCopilotOptions);
        Assert.Equal(settings.Length, refused.Reasons.Count);
        Assert.All(settings, setting => Assert.Single(refused.Reasons, reason => reason.StartsWith(setting, StringComparison.Ordinal)));
        Assert.All(refused.Reasons, reason => Assert.Contains(reason, refused.Message, StringComparison.Ordinal));
        Assert.All(refused.Reasons, reason => Assert.Contains("Set", reason, StringComparison.Ordinal));
        return refused.Message;
    }
}
