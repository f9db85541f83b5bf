using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GanPipeline.Cli.Tests;

/// <summary>Slurm's controller and one node of four processors, as two processes of this machine, in a folder of their own.</summary>
internal sealed class SmallSlurm : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _controller, _node;

    public SmallSlurm()
    {
        var name = Dns.GetHostName();
        foreach (var folder in new[] { "state", "spool" }) Directory.CreateDirectory(_folder[folder]);
        // No accounts, no munge, no cgroups, no systemd; a task that is requeued begins after seconds and not after two minutes.
        File.WriteAllText(Configuration, $"""
            ClusterName=small
            SlurmctldHost={name}(127.0.0.1)
            SlurmUser={Environment.UserName}
            SlurmdUser={Environment.UserName}
            AuthType=auth/none
            CredType=cred/none
            AuthInfo=cred_expire=5
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            SlurmctldPidFile={_folder["slurmctld.pid"]}
            SlurmdPidFile={_folder["slurmd.pid"]}
            SlurmctldLogFile={_folder["slurmctld.log"]}
            SlurmdLogFile={_folder["slurmd.log"]}
            StateSaveLocation={_folder["state"]}
            SlurmdSpoolDir={_folder["spool"]}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            MpiDefault=none
            SlurmdParameters=config_overrides
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            ReturnToService=2
            NodeName={name} NodeAddr=127.0.0.1 CPUs=4
            PartitionName=all Nodes={name} Default=YES MaxTime=INFINITE State=UP
            """);
        _controller = Start("/usr/sbin/slurmctld", "-D");
        _node = Start("/usr/sbin/slurmd", "-D", "-N", name);
        try
        {
            Wait(() => Run("sinfo", "--noheader", "--format=%T").Output.Trim() == "idle", "the node is not idle");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Configuration => _folder["slurm.conf"];

    /// <summary>Runs one of Slurm's programs.</summary>
    public (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end. {Logs()}");
        }
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="TimeoutException">It does not become so.</exception>
    public void Wait(Func<bool> condition, string otherwise)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); Thread.Sleep(100))
            if (watch.Elapsed > _patience) throw new TimeoutException($"{otherwise}. {Logs()}");
    }

    public void Dispose()
    {
        foreach (var process in new[] { _node, _controller })
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _folder.Dispose();
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path,
        };
        start.Environment["SLURM_CONF"] = Configuration;
        return Process.Start(start)!;
    }

    private string Logs() => string.Join('\n', Directory.GetFiles(_folder.Path, "*.log").Select(file =>
        $"{Path.GetFileName(file)}: {string.Join('\n', File.ReadLines(file).TakeLast(10))}"));

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
