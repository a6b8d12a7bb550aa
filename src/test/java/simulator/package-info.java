/** Tests of the simulator: the bank, the script of faults, the journal and the controls. */
@org.jspecify.annotations.NullMarked
package simulator;
