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
    private bool _isSilent;
    private string _speaker = "";

    public CancellationToken Stop => stop;

    public TextWriter Output => output;

    public TextWriter Error => error;

    public bool Verbose => _verbose;

    /// <summary>Whether another process does the telling.</summary>
    public bool IsSilent => _isSilent;

    /// <summary>What an error comes to, in the place of <see cref="Fail"/>: takes it, and returns the exit code.</summary>
    public Func<Exception, int>? Failing { get; set; }

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
            if (_json) output.WriteLine(Json.Print(result));
            return Done;
        }
        catch (Exception e)
        {
            return Failing?.Invoke(e) ?? Fail(e);
        }
    }

    /// <summary>From here on, nothing is told but errors.</summary>
    /// <param name="speaker">Stands before each line of them.</param>
    public void Silence(string speaker) => (_json, _isSilent, _speaker) = (false, true, speaker);

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
        foreach (var line in lines) error.WriteLine(_speaker + line);
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
    public IRunDisplay Display() => _isSilent ? new SilentDisplay()
        : Console.Profile.Capabilities.Interactive && Console.Profile.Capabilities.Ansi ? new TerminalDisplay(Console)
        : new PlainDisplay(_json ? error : output, _plainInterval);

    /// <summary>A line for people.</summary>
    public void Say(string text = "") => (_json ? error : output).WriteLine(text);

    private static bool IsTerminal(bool redirected, TextWriter writer, TextWriter standard)
        => !redirected && ReferenceEquals(writer is StandardOutput guarded ? guarded.Inner : writer, standard);
}
