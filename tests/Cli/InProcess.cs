namespace GanPipeline.Cli.Tests;

/// <summary>Calls the command line within this process.</summary>
internal static class InProcess
{
    public static Outcome Gan(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = GanCommand.Invoke(args, new Shell(output, error, CancellationToken.None));
        return new(code, output.ToString(), error.ToString());
    }
}
