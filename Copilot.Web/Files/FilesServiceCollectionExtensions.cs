using Copilot.Domain.Erasure;
using Copilot.Domain.Runs.Input;
using Copilot.Web.Options;
using Copilot.Web.Storage;
using Copilot.Web.Storage.Upkeep;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Files;

/// <summary>Registers people's files.</summary>
internal static class FilesServiceCollectionExtensions
{
    /// <summary>Registers storage, access, limits and the clean-up. Needs <c>AddCopilotStorage</c> and <c>AddCopilotIdentity</c>.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services)
    {
        services.AddSettings<FileLimits, FileLimitsValidator>("Files");
        services.AddSingleton(provider => new FileFolder(
            Path.GetFullPath(
                provider.GetRequiredService<IOptions<FileLimits>>().Value.Folder, provider.GetRequiredService<IHostEnvironment>().ContentRootPath),
            provider.GetRequiredService<IOptions<FileLimits>>().Value.MaxBytes));
        services.AddSingleton<FileStore>();
        services.AddSingleton<IFileContents>(provider => provider.GetRequiredService<FileStore>());
        services.AddSingleton<ISessionEraser, SessionFiles>();
        services.AddSingleton<FileLookup>();
        services.AddSingleton<FileUpload>();
        services.AddSingleton<FileDownload>();
        services.AddSingleton<IHourlyCleanup, FileCleanup>();
        return services;
    }
}
