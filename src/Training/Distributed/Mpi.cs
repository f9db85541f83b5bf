using System.Runtime.InteropServices;

namespace GanPipeline.Training;

/// <summary>
/// The functions of an MPI library in C that a training needs, found in the library when the process is one of several. There are two
/// kinds of libraries: Open MPI, whose handles are the addresses of variables that it exports, and MPICH with all that keep to its ABI,
/// whose handles are integers.
/// </summary>
/// <remarks>
/// Handles are passed as words: a function that takes an int reads the lower half of the register. All calls of one process come one
/// after the other, from whatever thread.
/// </remarks>
internal sealed unsafe class Mpi
{
    /// <summary>Names another library than those that are looked for, or <see cref="NoLibrary"/>.</summary>
    public const string LibraryVariable = "GAN_MPI_LIBRARY";

    /// <summary>The processes of a launch are not to train together.</summary>
    public const string NoLibrary = "none";

    private const int OneThreadAtATime = 2;
    private const int MostAtOnce = 1 << 28;

    private static readonly string[] _openMpi = ["libmpi.so.40", "libmpi.40.dylib"];
    private static readonly string[] _mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];

    private readonly nint _world, _float, _double, _byte, _sum, _inPlace, _ignoredStatus;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, int*, int> _initThread;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> _rank, _size;
    private readonly delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, int> _allreduce;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int> _broadcast;
    private readonly delegate* unmanaged[Cdecl]<nint, nint*, int> _beginBarrier;
    private readonly delegate* unmanaged[Cdecl]<nint*, int*, nint, int> _test;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _abort;
    private readonly delegate* unmanaged[Cdecl]<int> _finalize;

    private Mpi(nint library, string file)
    {
        _initThread = (delegate* unmanaged[Cdecl]<nint, nint, int, int*, int>)NativeLibrary.GetExport(library, "MPI_Init_thread");
        _rank = (delegate* unmanaged[Cdecl]<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_rank");
        _size = (delegate* unmanaged[Cdecl]<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_size");
        _allreduce = (delegate* unmanaged[Cdecl]<nint, void*, int, nint, nint, nint, int>)NativeLibrary.GetExport(library, "MPI_Allreduce");
        _broadcast = (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)NativeLibrary.GetExport(library, "MPI_Bcast");
        _beginBarrier = (delegate* unmanaged[Cdecl]<nint, nint*, int>)NativeLibrary.GetExport(library, "MPI_Ibarrier");
        _test = (delegate* unmanaged[Cdecl]<nint*, int*, nint, int>)NativeLibrary.GetExport(library, "MPI_Test");
        _abort = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "MPI_Abort");
        _finalize = (delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "MPI_Finalize");
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _world))
        {
            Name = $"Open MPI ({file})";
            _float = NativeLibrary.GetExport(library, "ompi_mpi_float");
            _double = NativeLibrary.GetExport(library, "ompi_mpi_double");
            _byte = NativeLibrary.GetExport(library, "ompi_mpi_byte");
            _sum = NativeLibrary.GetExport(library, "ompi_mpi_op_sum");
            (_inPlace, _ignoredStatus) = (1, 0);
        }
        else
        {
            Name = $"MPICH ({file})";
            (_world, _float, _double, _byte, _sum) = (0x44000000, 0x4c00040a, 0x4c00080b, 0x4c00010d, 0x58000003);
            (_inPlace, _ignoredStatus) = (-1, 1);
        }
    }

    /// <summary>The library's kind and file, as in <c>Open MPI (libmpi.so.40)</c>.</summary>
    public string Name { get; }

    public int Rank => Read(_rank, "MPI_Comm_rank");

    public int Size => Read(_size, "MPI_Comm_size");

    /// <summary>Loads the library that goes with the launcher; where there is none, the other kind, which sees one process.</summary>
    /// <exception cref="TrainingException">There is none, or what <see cref="LibraryVariable"/> names is none.</exception>
    public static Mpi Load(Launch launch)
    {
        // UCX, which MPICH may communicate with, would end the process at a SIGSEGV, which the runtime makes an exception of.
        NativeEnvironment.SetDefault("UCX_HANDLE_ERRORS", "none");
        if (Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } named)
        {
            try
            {
                return new(NativeLibrary.Load(named), named);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
            {
                throw new TrainingException($"{LibraryVariable} is '{named}', which is no library of MPI: {e.Message}", e);
            }
        }
        string[] names = launch.IsOfOpenMpi ? [.. _openMpi, .. _mpich] : [.. _mpich, .. _openMpi];
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library)) return new(library, name);
        throw new TrainingException($"This process was started as one of {launch.Size} ({launch.Variable}), which train together over " +
            $"MPI, but there is no library of MPI here (none of {string.Join(", ", names)}). " +
            $"Install Open MPI (Debian's package openmpi-bin) or MPICH (mpich), or name the library's file in {LibraryVariable}.");
    }

    /// <summary>Joins the processes of the launch; waits until all have come.</summary>
    public void Start()
    {
        int provided;
        Check(_initThread(0, 0, OneThreadAtATime, &provided), "MPI_Init_thread");
    }

    /// <summary>Adds up numbers, place by place, over all processes; each gets the sums.</summary>
    public void Sum(Span<float> values)
    {
        fixed (float* start = values)
        {
            for (var done = 0; done < values.Length; done += MostAtOnce)
                Sum(start + done, Math.Min(MostAtOnce, values.Length - done), _float);
        }
    }

    /// <inheritdoc cref="Sum(Span{float})"/>
    public void Sum(Span<double> values)
    {
        fixed (double* start = values) Sum(start, values.Length, _double);
    }

    /// <summary>Overwrites bytes with those of one process.</summary>
    public void Broadcast(Span<byte> bytes, int from)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length; done += MostAtOnce)
                Check(_broadcast(start + done, Math.Min(MostAtOnce, bytes.Length - done), _byte, from, _world), "MPI_Bcast");
        }
    }

    /// <summary>Waits until all processes have come here. Waiting takes hardly any processor time.</summary>
    public void Meet()
    {
        nint request = 0;
        Check(_beginBarrier(_world, &request), "MPI_Ibarrier");
        while (true)
        {
            int isDone;
            Check(_test(&request, &isDone, _ignoredStatus), "MPI_Test");
            if (isDone != 0) return;
            Thread.Sleep(1);
        }
    }

    /// <summary>Ends all processes, this one included.</summary>
    public void Abort(int exitCode) => _ = _abort(_world, exitCode);

    /// <summary>Leaves; waits until the others leave too.</summary>
    public void Leave() => Check(_finalize(), "MPI_Finalize");

    private void Sum(void* values, int count, nint type) =>
        Check(_allreduce(_inPlace, values, count, type, _sum, _world), "MPI_Allreduce");

    private int Read(delegate* unmanaged[Cdecl]<nint, int*, int> function, string name)
    {
        int value;
        Check(function(_world, &value), name);
        return value;
    }

    /// <summary>By default MPI ends the processes itself where a call fails.</summary>
    private static void Check(int code, string function)
    {
        if (code != 0) throw new TrainingException($"{function} failed with code {code}; another process may have ended.");
    }
}
