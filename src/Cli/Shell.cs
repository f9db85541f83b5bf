using System.Text.Json.Nodes;
using GanPipeline.Pipelines;
using Spectre.Console;

namespace GanPipeline.Cli;

/// <summary>
/// One call of the program: where it writes, what it was asked, how it ends. Commands return their JSON object; with --json that
/// is all that standard output gets, and everything for people goes to standard error.
/// </summary>
internal sealed class Shell(TextWriter output, TextWriter error, CancellationToken stop)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Wrong = 2;

    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(10);
    private bool _json;
    private bool _verbose;

    public CancellationToken Stop => stop;

    public TextWriter Output => output;

    public TextWriter Error => error;

    public bool Verbose => _verbose;

    /// <summary>What people read.</summary>
    public IAnsiConsole Console { get; private set; } = null!;

    /// <summary>Runs a command and turns whatever comes of it into an exit code.</summary>
    public int Execute(bool json, bool verbose, Func<Shell, JsonObject> command)
    {
        (_json, _verbose) = (json, verbose);
        Console = Consoles.Create(json ? error : output, json ? IsTerminal(System.Console.IsErrorRedirected, error, System.Console.Error)
            : IsTerminal(System.Console.IsOutputRedirected, output, System.Console.Out));
        try
        {
            var result = command(this);
            if (json) output.WriteLine(Json.Print(result));
            return Done;
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    /// <summary>Tells an error the way it should be told, and returns its exit code.</summary>
    public int Fail(Exception e)
    {
        var (code, lines) = Errors.Explain(e);
        if (_json && e is not OutputException)
        {
            var body = new JsonObject {
                ["error"] = new JsonObject { ["exitCode"] = code, ["message"] = lines[0], ["problems"] = Json.Array(lines) } };
            output.WriteLine(Json.Print(body));
        }
        foreach (var line in lines) error.WriteLine(line);
        if (_verbose) error.WriteLine(e);
        else if (code == Failed && Errors.IsUnexpected(e)) error.WriteLine(
            "This may be a mistake in the program; --verbose shows where it happened.");
        return code;
    }

    /// <summary>An error found before a command could run.</summary>
    public int FailEarly(bool json, Exception e)
    {
        _json = json;
        return Fail(e);
    }

    /// <summary>The display for a run: in place on a terminal, plain lines elsewhere.</summary>
    public IRunDisplay Display() => Console.Profile.Capabilities.Interactive && Console.Profile.Capabilities.Ansi
        ? new TerminalDisplay(Console)
        : new PlainDisplay(_json ? error : output, _plainInterval);

    /// <summary>A line for people.</summary>
    public void Say(string text = "") => (_json ? error : output).WriteLine(text);

    private static bool IsTerminal(bool redirected, TextWriter writer, TextWriter standard)
        => !redirected && ReferenceEquals(writer is StandardOutput guarded ? guarded.Inner : writer, standard);
}
