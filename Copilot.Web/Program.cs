using Copilot.Domain.Runs.Log;
using Copilot.Web.Commands;
using Copilot.Web.Hosting;
using Copilot.Web.Options;
using Copilot.Web.Diagnostics;
using Copilot.Web.Storage;
using Microsoft.AspNetCore.Connections;
using Serilog;

OwnerOnly.Begin();
Log.Logger = SerilogExtensions.CreateBootstrapLogger();
try
{
    if (CommandLine.IsCommand(args))
    {
        return await CommandLine.RunAsync(args, CommandConsole.Process, CancellationToken.None);
    }

    await using var app = await CopilotApplication.BuildAsync(args);
    try
    {
        await app.StartAsync();
    }
    catch
    {
        // A start that fails stops what had begun: that it is cancelled then is no error of its own.
        app.Lifetime.StopApplication();
        throw;
    }

    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is StartRefusedException or StorageUnavailableException
    or IOException { InnerException: AddressInUseException })
{
    // Written for the person who starts it; a stack trace would only hide what to set.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (Exception exception) when (exception is not HostAbortedException)
{
    // What the host logged of it went through a container that is gone.
    Log.Fatal(exception, "The program ended with an error");
    return 1;
}
finally
{
    try
    {
        await Log.CloseAndFlushAsync();
    }
    catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
    {
        // What has ended well must not end as a crash because the disk has no room for its last lines.
        await Console.Error.WriteLineAsync($"The last lines of the log could not be written. {exception.Message}");
    }
}
